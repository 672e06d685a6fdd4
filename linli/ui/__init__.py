"""What a page looks like: tokens, components, templates, small scripts. No models, no rooms known."""
