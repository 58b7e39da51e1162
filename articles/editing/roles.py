"""What in a form is kept for those who hold a permission of their own."""


class Reserving:
    """Before an admin or an inline: who lacks a permission reads the fields that it keeps."""

    reserved = {}  # permission → names of fields

    def get_readonly_fields(self, request, obj=None):
        kept = [
            name
            for permission, names in self.reserved.items()
            if not request.user.has_perm(permission)
            for name in names
        ]
        return [*super().get_readonly_fields(request, obj), *kept]
