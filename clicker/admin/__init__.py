"""Admin: what an operator may know and do, and who is let in.

Pages, cookies and the queue's dashboard are `clicker/web/admin/`; what an action does is its room's business.
"""
