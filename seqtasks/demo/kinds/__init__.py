"""What the page of each task shows, a file for each kind of task.

Each has a `build(page, subject)`, called within the page: it puts components there and says what answers what.
"""
