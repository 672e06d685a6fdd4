"""The lowest floor: ids, time, actors, machines of states, masking, crypto. It imports no other floor."""
