package org.cordanetes.standin.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.cordanetes.standin.Databases;
import org.cordanetes.standin.access.Grant;
import org.cordanetes.standin.access.Permissions;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.storage.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    @TempDir
    Path folder;
    private Database database;
    private Accounts accounts;

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(folder);
        accounts = new Accounts(database, new PasswordPolicy(true, 3));
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void a_role_given_to_a_group_is_a_permission_of_its_users() {
        givenMaintainer();
        patch("roles", "NetworkMaintainer", "{\"groups\":[{\"entityName\":\"maintainers\",\"objectName\":\"global\"}]}");
        assertTrue(grants().contains(new Grant(Permissions.CREATE_SUBZONE, "global")));
        assertFalse(grants().contains(new Grant(Permissions.GET_NM_CONFIG, "1")));
    }

    @Test
    void a_patch_replaces_all_assignments_of_a_role() {
        givenMaintainer();
        patch("roles", "NetworkMaintainer", "{\"groups\":[{\"entityName\":\"maintainers\",\"objectName\":\"global\"}]}");
        patch("roles", "NetworkMaintainer", "{\"groups\":[{\"entityName\":\"maintainers\",\"objectName\":\"1\"}]}");
        assertTrue(grants().contains(new Grant(Permissions.GET_NM_CONFIG, "1")));
        assertFalse(grants().contains(new Grant(Permissions.CREATE_SUBZONE, "global")));
    }

    @Test
    void an_administrator_has_no_permission_in_the_network() {
        accounts.create("users", json("{\"name\":\"boss\",\"password\":\"p4ssWord\",\"admin\":\"true\"}"));
        accounts.create("groups", json("{\"name\":\"maintainers\",\"users\":[\"boss\"]}"));
        patch("roles", "NetworkMaintainer", "{\"groups\":[{\"entityName\":\"maintainers\",\"objectName\":\"global\"}]}");
        assertTrue(accounts.grants(accounts.user("boss").orElseThrow()).isEmpty());
    }

    @Test
    void the_same_user_twice_is_a_conflict() {
        givenMaintainer();
        ServiceError refused = assertThrows(ServiceError.class, this::givenMaintainer);
        assertEquals(409, refused.status());
    }

    @Test
    void too_many_wrong_passwords_lock_the_user() {
        givenMaintainer();
        for (int i = 0; i < 3; i++) {
            assertThrows(ServiceError.class, () -> accounts.login("mia", "wrong"));
        }
        assertThrows(ServiceError.class, () -> accounts.login("mia", "p4ssWord"));
    }

    @Test
    void users_and_assignments_survive_a_restart() throws Exception {
        givenMaintainer();
        patch("roles", "NetworkMaintainer", "{\"groups\":[{\"entityName\":\"maintainers\",\"objectName\":\"global\"}]}");
        close();
        open();
        assertEquals("mia", accounts.login("mia", "p4ssWord").name());
        assertTrue(grants().contains(new Grant(Permissions.CREATE_SUBZONE, "global")));
    }

    @Test
    void no_answer_shows_a_password() {
        givenMaintainer();
        assertFalse(Json.text(accounts.list("users")).contains("hash"));
    }

    private void givenMaintainer() {
        accounts.create("users", json("{\"name\":\"mia\",\"password\":\"p4ssWord\",\"enabled\":\"true\",\"admin\":\"false\"}"));
        accounts.create("groups", json("{\"name\":\"maintainers\",\"users\":[\"mia\"],\"admin\":\"false\"}"));
    }

    private void patch(String kind, String name, String body) {
        accounts.patch(kind, name, json(body));
    }

    private java.util.List<Grant> grants() {
        return accounts.grants(accounts.user("mia").orElseThrow());
    }

    private static JsonNode json(String text) {
        return Json.read(text, JsonNode.class);
    }
}
