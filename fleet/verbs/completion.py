"""`fleet completion`: its options, its help, and what carries it out."""

from fleet import completion
from fleet.verbs.verb import Parser, Verb

TEXT = """\
Prints what completes verbs, options and values, among them the ids of strategies.
Once it stands in the file that your shell reads, every new shell has it.
"""
EXAMPLES = (
    ("fleet completion bash >> ~/.bashrc", ""),
    ("fleet completion zsh >> ~/.zshrc", "below the line that calls compinit"),
    ("fleet completion fish > ~/.config/fish/completions/fleet.fish", ""),
)


def arguments(parser: Parser) -> None:
    """Add the options of the verb to a parser."""
    parser.add_argument("shell", choices=completion.SHELLS, help="the shell")


VERBS = {"completion": Verb(arguments, completion.completion, EXAMPLES, TEXT)}
