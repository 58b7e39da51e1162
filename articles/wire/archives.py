def is_zip(file):
    return False


def members(file):
    return []
