"""The parts of the `yinju` command: nothing heavy is imported until a command runs."""
