package org.cordanetes.standin.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.cordanetes.standin.Databases;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.storage.Database;
import org.cordanetes.standin.zone.ZoneRecords.Subzone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZoneTest {
    private static final String NETWORK_MAP = "address = \"0.0.0.0:10000\", pollingInterval = 10000\n"
            + "database { driverClassName = org.h2.Driver, url = \"jdbc:h2:mem:x\", user = u, password = p }\n"
            + "adminListener { port = 6000 }";
    private static final String PARAMETERS = "minimumPlatformVersion = 4, notaries = [], maxMessageSize = 10485760\n"
            + "maxTransactionSize = 10485760, eventHorizonDays = 30";
    private static final String SIGNER = "signingKeys { k { type = LOCAL, alias = a, keyStore { file = f, password = p } } }\n"
            + "signers { M { type = NETWORK_MAP, signingKeyAlias = k, serviceLocation = [{ host = h, port = 5050 }] } }\n"
            + "adminListener { port = 6000 }";

    @TempDir
    Path folder;
    private Database database;
    private Zone zone;

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(folder);
        zone = new Zone(database);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void each_call_makes_another_subzone() {
        Subzone first = subzone("Main");
        Subzone second = subzone("Main");
        assertEquals(1, first.id());
        assertEquals(2, second.id());
        assertNotEquals(first.token(), second.token());
    }

    @Test
    void setting_a_configuration_again_keeps_the_token() {
        String token = zone.configure(ServiceKind.SIGNER, SIGNER).token();
        assertEquals(token, zone.configure(ServiceKind.SIGNER, SIGNER.replace("5050", "5051")).token());
    }

    @Test
    void everything_survives_a_restart() throws Exception {
        String token = subzone("Main").token();
        zone.address(ServiceKind.SIGNER, "signer:6000");
        close();
        open();
        assertEquals("1", zone.assigned(token).subzone());
        assertEquals("signer:6000", zone.address(ServiceKind.SIGNER));
    }

    @Test
    void an_unknown_token_gets_nothing() {
        assertNull(zone.assigned("no-such-token"));
    }

    @Test
    void bad_uploads_have_the_codes_of_the_zone_service() {
        assertEquals("ZONE_SERVICE_CONFIG_PARSING_FAILED", code(() -> zone.configure(ServiceKind.SIGNER, "a = {")));
        assertEquals("ZONE_SERVICE_CONFIG_VALIDATION_FAILED", code(() -> zone.configure(ServiceKind.SIGNER, SIGNER + "\nx = 1")));
        assertEquals("ZONE_SERVICE_CONFIG_VALIDATION_FAILED",
                code(() -> zone.createSubzone(NETWORK_MAP, "map:8080", PARAMETERS, "Main", "#112233")));
        assertEquals("ZONE_SERVICE_CONFIG_VALIDATION_FAILED",
                code(() -> zone.createSubzone(NETWORK_MAP, "map:6000", PARAMETERS + "\ny = 1", "Main", "#112233")));
        assertEquals("ZONE_SERVICE_LABEL_VALIDATION_FAILED",
                code(() -> zone.createSubzone(NETWORK_MAP, "map:6000", PARAMETERS, "Main", "blue")));
        assertEquals("ZONE_SERVICE_SUBZONE_NOT_FOUND", code(() -> zone.subzone("7")));
        assertEquals(0, zone.subzones().size());
    }

    private Subzone subzone(String label) {
        return zone.createSubzone(NETWORK_MAP, "map:6000", PARAMETERS, label, "#112233");
    }

    private static String code(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(ServiceError.class, call).code();
    }
}
