"""小栖: message → understanding → answer, order or hand-over. The main job is readable in `intake.py`:
`take_in()` picks waiting words of one community, `decide.py` says what each becomes, `speech.py` what 小栖 says."""
