package org.cordanetes.standin.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cordanetes.standin.identitymanager.IdentityManagerConfig;
import org.cordanetes.standin.networkmap.NetworkMapConfig;
import org.cordanetes.standin.signer.SignerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
    private static final String DATABASE =
            "database { driverClassName = org.h2.Driver, jdbcDriver = \"\", url = \"jdbc:h2:mem:x\", user = u, password = p }\n";
    private static final String AUTH =
            "authServiceConfig { host = a, port = 8081, issuer = i, leeway = 5s, trustStore { location = t, password = p } }\n";
    private static final String ISSUANCE = "{ type = ISSUANCE, updateInterval = 10000, "
            + "plugin { pluginClass = com.r3.enmplugins.approveall.ApproveAll } }";
    private static final String IDENTITY_MANAGER = "address = \"0.0.0.0:10000\"\n" + DATABASE
            + "workflows { issuance = " + ISSUANCE + " }\nadminListener { port = 6000 }\n";

    @TempDir
    Path folder;

    @Test
    void a_documented_file_is_accepted() throws Exception {
        read(IDENTITY_MANAGER + AUTH, IdentityManagerConfig.shape(false));
    }

    @Test
    void an_unknown_key_is_refused_with_its_name_and_line() {
        ConfigException refused = refused(IDENTITY_MANAGER + AUTH + "adress = x", IdentityManagerConfig.shape(false));
        assertEquals("config-validation-error", refused.code());
        assertTrue(refused.getMessage().contains("unknown property 'adress' at line 6"), refused.getMessage());
        assertTrue(refused.getMessage().contains("service.conf"), refused.getMessage());
    }

    @Test
    void every_problem_is_told_at_once() {
        ConfigException refused = refused("address = nonsense\npollingInterval = soon\nadminListener { port = 99999 }",
                NetworkMapConfig.shape(false));
        assertEquals(5, refused.problems().size(), refused.getMessage());
    }

    @Test
    void a_value_that_may_be_a_secret_is_not_repeated() {
        ConfigException refused = refused("pollingInterval = hunter2", NetworkMapConfig.shape(false));
        assertTrue(!refused.getMessage().contains("hunter2"), refused.getMessage());
    }

    @Test
    void authentication_may_be_missing_only_where_the_zone_adds_it() throws Exception {
        read(IDENTITY_MANAGER, IdentityManagerConfig.shape(true));
        ConfigException refused = refused(IDENTITY_MANAGER, IdentityManagerConfig.shape(false));
        assertTrue(refused.getMessage().contains("authServiceConfig"), refused.getMessage());
    }

    @Test
    void a_shell_is_refused_in_an_uploaded_file() {
        String text = IDENTITY_MANAGER.replace("adminListener { port = 6000 }", "shell { sshdPort = 2222, user = u, password = p }");
        assertTrue(refused(text, IdentityManagerConfig.shape(true)).getMessage().contains("'shell' is not allowed"));
    }

    @Test
    void a_signer_must_name_an_existing_key() {
        String text = "signingKeys { im { type = LOCAL, alias = a, keyStore { file = f, password = p } } }\n"
                + "signers { CSR { type = CSR, signingKeyAlias = other, validDays = 1, serviceLocation = [{ host = h, port = 1 }] } }\n"
                + "adminListener { port = 6000 }\n" + AUTH;
        assertTrue(refused(text, SignerConfig.shape(false)).getMessage().contains("names 'other'"));
    }

    @Test
    void broken_text_and_a_missing_file_have_codes_of_their_own() {
        assertEquals("config-parse-error", refused("address = {", NetworkMapConfig.shape(false)).code());
        assertEquals("config-file-doesnt-exist", assertThrows(ConfigException.class,
                () -> ConfigText.read(folder.resolve("absent.conf"), NetworkMapConfig.shape(false))).code());
    }

    private void read(String text, Shape shape) throws Exception {
        ConfigText.read(Files.writeString(folder.resolve("service.conf"), text), shape);
    }

    private ConfigException refused(String text, Shape shape) {
        return assertThrows(ConfigException.class, () -> read(text, shape));
    }
}
