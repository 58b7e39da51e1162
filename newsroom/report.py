import json

from django.core.management import CommandError


class Report:
    """A JSON file of what a command finds, written as it goes, so that a long run holds nothing.

    The entries are an array; where it has a `name`, one beside what is said in conclusion.
    Without a `path` nothing is written; where none can be, the `option` is named.
    """

    def __init__(self, option, path, name=""):
        self.option, self.path, self.name = option, path, name
        self.file, self.comma, self.conclusion = None, "", {}

    def __enter__(self):
        if self.path:
            try:
                self.file = open(self.path, "w", encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{self.option} {self.path}: {error.strerror}") from error
            self.file.write(f'{{"{self.name}": [' if self.name else "[")
        return self

    def add(self, entry):
        if self.file:
            self.file.write(f"{self.comma}\n{json.dumps(entry, ensure_ascii=False)}")
            self.comma = ","

    def conclude(self, **said):
        self.conclusion = said

    def __exit__(self, *failure):
        if self.file:
            said = [f', "{name}": {json.dumps(value)}' for name, value in self.conclusion.items()]
            self.file.write("\n]" + "".join(said) + ("}\n" if self.name else "\n"))
            self.file.close()
