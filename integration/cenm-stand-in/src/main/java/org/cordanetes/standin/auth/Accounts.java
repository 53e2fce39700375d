package org.cordanetes.standin.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cordanetes.standin.access.Grant;
import org.cordanetes.standin.auth.Records.Assignment;
import org.cordanetes.standin.auth.Records.Group;
import org.cordanetes.standin.auth.Records.Role;
import org.cordanetes.standin.auth.Records.User;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.storage.Documents;

/** Users, groups and roles, and what follows from them for one user. */
final class Accounts {
    private final Documents<User> users;
    private final Documents<Group> groups;
    private final Documents<Role> roles;
    private final PasswordPolicy policy;

    Accounts(Database database, PasswordPolicy policy) {
        this.users = new Documents<>(database, "user", User.class);
        this.groups = new Documents<>(database, "group", Group.class);
        this.roles = new Documents<>(database, "role", Role.class);
        this.policy = policy;
        BaselineRoles.permissions().forEach((name, permissions) -> {
            List<Assignment> kept = roles.find(name).map(Role::groups).orElse(List.of());
            roles.put(name, new Role(name, permissions, kept));
        });
    }

    Optional<User> user(String name) {
        return users.find(name);
    }

    void addUser(String name, String email, String password, boolean enabled, boolean admin) {
        if (users.find(name).isPresent()) {
            throw ServiceError.conflict("the user '" + name + "' exists");
        }
        requireAcceptable(name, password);
        users.put(name, new User(name, email, PasswordHash.of(password), enabled, admin, 0));
    }

    void setPassword(User user, String password) {
        requireAcceptable(user.name(), password);
        users.put(user.name(), new User(user.name(), user.email(), PasswordHash.of(password), user.enabled(),
                user.admin(), 0));
    }

    /** The user, when name and password are right and the account may be used. */
    synchronized User login(String name, String password) {
        User user = users.find(name).orElseThrow(Accounts::badLogin);
        if (!user.enabled() || user.failures() >= policy.loginAttempts()) {
            throw new ServiceError(401, "USER_TOKEN_ERROR", "the user '" + name + "' is disabled or locked");
        }
        if (!user.password().matches(password)) {
            users.put(name, user.failures(user.failures() + 1));
            throw badLogin();
        }
        if (user.failures() > 0) {
            users.put(name, user.failures(0));
        }
        return user;
    }

    /** Users, groups and roles as JSON, without password hashes. */
    List<?> list(String kind) {
        return switch (kind) {
            case "users" -> users.all().stream().map(this::view).toList();
            case "groups" -> groups.all();
            default -> roles.all();
        };
    }

    Object one(String kind, String name) {
        return (switch (kind) {
            case "users" -> users.find(name).map(this::view);
            case "groups" -> groups.find(name);
            default -> roles.find(name);
        }).map(Object.class::cast).orElseThrow(() -> missing(kind, name));
    }

    void create(String kind, JsonNode body) {
        String name = body.path("name").asText();
        if (name.isBlank()) {
            throw ServiceError.invalid("'name' is missing");
        }
        switch (kind) {
            case "users" -> {
                addUser(name, body.path("email").asText(""), body.path("password").asText(""),
                        body.path("enabled").asBoolean(true), body.path("admin").asBoolean(false));
                texts(body.path("groups")).forEach(group -> join(group, name));
            }
            case "groups" -> {
                if (groups.find(name).isPresent()) {
                    throw ServiceError.conflict("the group '" + name + "' exists");
                }
                groups.put(name, group(name, body, new Group(name, "", List.of(), false, false)));
            }
            default -> {
                if (roles.find(name).isPresent()) {
                    throw ServiceError.conflict("the role '" + name + "' exists");
                }
                roles.put(name, role(name, body, new Role(name, List.of(), List.of())));
            }
        }
    }

    /** A merge patch: what the body names is replaced as a whole, the rest stays. */
    void patch(String kind, String name, JsonNode body) {
        switch (kind) {
            case "users" -> {
                User user = users.find(name).orElseThrow(() -> missing(kind, name));
                users.put(name, new User(name, body.path("email").asText(user.email()), user.password(),
                        body.path("enabled").asBoolean(user.enabled()), body.path("admin").asBoolean(user.admin()), 0));
                if (body.hasNonNull("password")) {
                    setPassword(users.find(name).orElseThrow(), body.get("password").asText());
                }
            }
            case "groups" -> groups.put(name,
                    group(name, body, groups.find(name).orElseThrow(() -> missing(kind, name))));
            default -> roles.put(name, role(name, body, roles.find(name).orElseThrow(() -> missing(kind, name))));
        }
    }

    void delete(String kind, String name) {
        boolean removed = switch (kind) {
            case "users" -> users.remove(name);
            case "groups" -> groups.remove(name);
            default -> throw ServiceError.invalid("roles cannot be deleted");
        };
        if (!removed) {
            throw missing(kind, name);
        }
    }

    /** What the user may do. An administrator manages accounts and has no permission in the network. */
    List<Grant> grants(User user) {
        List<Grant> grants = new ArrayList<>();
        if (user.admin()) {
            return grants;
        }
        List<String> memberships = groups.where(group -> group.users().contains(user.name())).stream()
                .map(Group::name).toList();
        for (Role role : roles.all()) {
            for (Assignment assignment : role.groups()) {
                if (memberships.contains(assignment.entityName())) {
                    role.permissions().forEach(permission -> grants.add(new Grant(permission, assignment.objectName())));
                }
            }
        }
        return grants.stream().distinct().toList();
    }

    private void join(String groupName, String user) {
        Group group = groups.find(groupName).orElseThrow(() -> missing("groups", groupName));
        List<String> members = new ArrayList<>(group.users());
        members.add(user);
        groups.put(groupName, new Group(groupName, group.description(), members, group.admin(), group.autoEnroll()));
    }

    private Group group(String name, JsonNode body, Group old) {
        List<String> members = body.has("users") ? texts(body.get("users")) : old.users();
        for (String member : members) {
            users.find(member).orElseThrow(() -> missing("users", member));
        }
        return new Group(name, body.path("description").asText(old.description()), members,
                body.path("admin").asBoolean(old.admin()), body.path("autoEnroll").asBoolean(old.autoEnroll()));
    }

    private Role role(String name, JsonNode body, Role old) {
        List<Assignment> assignments = old.groups();
        if (body.has("groups")) {
            assignments = new ArrayList<>();
            for (JsonNode node : body.get("groups")) {
                String group = node.path("entityName").asText();
                groups.find(group).orElseThrow(() -> missing("groups", group));
                assignments.add(new Assignment(group, node.path("objectName").asText(Grant.GLOBAL)));
            }
        }
        return new Role(name, body.has("permissions") ? texts(body.get("permissions")) : old.permissions(), assignments);
    }

    private Map<String, Object> view(User user) {
        return Map.of("name", user.name(), "email", user.email(), "enabled", user.enabled(), "admin", user.admin(),
                "groups", groups.where(group -> group.users().contains(user.name())).stream().map(Group::name).toList());
    }

    private void requireAcceptable(String name, String password) {
        policy.problem(name, password).ifPresent(problem -> {
            throw ServiceError.invalid("the password of the user '" + name + "' " + problem);
        });
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.isObject() ? node.path("name").asText() : node.asText()));
        return texts;
    }

    private static ServiceError badLogin() {
        return new ServiceError(401, "USER_TOKEN_ERROR", "user name or password is wrong");
    }

    private static ServiceError missing(String kind, String name) {
        return ServiceError.notFound("there is no '" + name + "' among the " + kind);
    }
}
