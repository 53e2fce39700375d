package org.cordanetes.standin.auth;

import java.util.List;

/** What the Auth Service keeps in its database. */
final class Records {
    private Records() {}

    record User(String name, String email, PasswordHash password, boolean enabled, boolean admin, int failures) {
        User failures(int count) {
            return new User(name, email, password, enabled, admin, count);
        }
    }

    record Group(String name, String description, List<String> users, boolean admin, boolean autoEnroll) {}

    /** A group that has the role, on one subzone or globally. */
    record Assignment(String entityName, String objectName) {}

    record Role(String name, List<String> permissions, List<Assignment> groups) {}
}
