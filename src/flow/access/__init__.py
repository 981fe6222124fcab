"""Who may come in: users, passwords, log-in sessions, memberships of restaurants and roles on the platform.

What a role may do is in the database (app.role_permissions); here people get roles, and log in and out.
"""
