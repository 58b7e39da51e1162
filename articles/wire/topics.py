def labels(code):
    return code, code
