package org.cordanetes.standin.auth;

import static org.cordanetes.standin.access.Permissions.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The roles that CENM's baseline brings. R3 documents names and permissions; which belongs to which is our reading. */
final class BaselineRoles {
    private static final List<String> READ_ZONE = List.of(GET_ALL_SUBZONES, GET_SUBZONE_LABEL, GET_IM_CONFIG,
            GET_NM_CONFIG, GET_SIGNER_CONFIG, GET_NETWORK_PARAMETERS, GET_SERVICES_ADDRESSES);

    private BaselineRoles() {}

    static Map<String, List<String>> permissions() {
        Map<String, List<String>> roles = new LinkedHashMap<>();
        roles.put("CASigner", List.of(GET_ALL_SIGNERS, GET_CSRS, SIGN_CSRS, GET_CRRS, GET_CRL, SIGN_CRL,
                GET_ZONE_MATERIALS, GET_ALL_SUBZONES, GET_SERVICES_ADDRESSES));
        roles.put("NonCASigner", List.of(GET_ALL_SIGNERS, GET_UNSIGNED_NETWORK_MAP, SIGN_NETWORK_MAP,
                GET_UNSIGNED_NETWORK_PARAMS, SIGN_NETWORK_PARAMETERS, GET_SUBZONE_MATERIALS, GET_ALL_SUBZONES,
                GET_SERVICES_ADDRESSES));
        roles.put("ConfigurationMaintainer", plus(READ_ZONE, UPDATE_IM_CONFIG, UPDATE_IM_ADDRESS, UPDATE_NM_CONFIG,
                UPDATE_NM_ADDRESS, UPDATE_SIGNER_CONFIG, UPDATE_SIGNER_ADDRESS));
        roles.put("ConfigurationReader", READ_ZONE);
        roles.put("NetworkMaintainer", plus(READ_ZONE, CREATE_SUBZONE, UPDATE_SUBZONE_LABEL, UPDATE_NM_CONFIG,
                UPDATE_NM_ADDRESS, UPDATE_NETWORK_PARAMETERS, ADVERTISE_UPDATE, EXECUTE_UPDATE));
        roles.put("NetworkOperator", List.of(GET_ALL_SUBZONES, GET_SUBZONE_LABEL, GET_NETWORK_PARAMETERS,
                GET_SERVICES_ADDRESSES, GET_ALL_SIGNERS, GET_CSRS, GET_CRRS, GET_CRL));
        roles.put("NetworkOperationsReader", List.of(GET_ALL_SUBZONES, GET_SUBZONE_LABEL, GET_NETWORK_PARAMETERS,
                GET_SERVICES_ADDRESSES));
        return roles;
    }

    private static List<String> plus(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
