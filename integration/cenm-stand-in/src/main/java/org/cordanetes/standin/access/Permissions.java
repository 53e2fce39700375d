package org.cordanetes.standin.access;

/** The permissions of CENM that the stand-in checks, by the names that R3 documents. */
public final class Permissions {
    private static final String ZONE = "CENM/Zone/";
    private static final String SIGNER = "CENM/Signer/";

    public static final String CREATE_SUBZONE = ZONE + "CreateSubzone";
    public static final String GET_ALL_SUBZONES = ZONE + "GetAllSubzones";
    public static final String GET_SUBZONE_LABEL = ZONE + "GetSubzoneLabel";
    public static final String UPDATE_SUBZONE_LABEL = ZONE + "UpdateSubzoneLabel";
    public static final String GET_IM_CONFIG = ZONE + "GetImConfig";
    public static final String UPDATE_IM_CONFIG = ZONE + "UpdateImConfig";
    public static final String UPDATE_IM_ADDRESS = ZONE + "UpdateImAddress";
    public static final String GET_NM_CONFIG = ZONE + "GetNmConfig";
    public static final String UPDATE_NM_CONFIG = ZONE + "UpdateNmConfig";
    public static final String UPDATE_NM_ADDRESS = ZONE + "UpdateNmAddress";
    /** Not in R3's list, which has only the update; reading needs a name too. */
    public static final String GET_SIGNER_CONFIG = ZONE + "GetSignerConfig";
    public static final String UPDATE_SIGNER_CONFIG = ZONE + "UpdateSignerConfig";
    public static final String UPDATE_SIGNER_ADDRESS = ZONE + "UpdateSignerAddress";
    public static final String GET_NETWORK_PARAMETERS = ZONE + "GetNetworkParameters";
    public static final String UPDATE_NETWORK_PARAMETERS = ZONE + "UpdateNetworkParameters";
    public static final String GET_SERVICES_ADDRESSES = ZONE + "GetServicesAddresses";

    public static final String ADVERTISE_UPDATE = "CENM/NetworkMap/AdvertiseNetworkParametersUpdate";
    public static final String EXECUTE_UPDATE = "CENM/NetworkMap/ExecuteNetworkParametersUpdate";

    public static final String GET_ALL_SIGNERS = SIGNER + "GetAllSigners";
    public static final String GET_CSRS = SIGNER + "GetCsrs";
    public static final String SIGN_CSRS = SIGNER + "SignCsrs";
    public static final String GET_CRRS = SIGNER + "GetCrrs";
    public static final String GET_CRL = SIGNER + "GetCrl";
    public static final String SIGN_CRL = SIGNER + "SignCrl";
    public static final String GET_UNSIGNED_NETWORK_MAP = SIGNER + "GetUnsignedNetworkMap";
    public static final String SIGN_NETWORK_MAP = SIGNER + "SignNetworkMap";
    public static final String GET_UNSIGNED_NETWORK_PARAMS = SIGNER + "GetUnsignedNetworkParams";
    public static final String SIGN_NETWORK_PARAMETERS = SIGNER + "SignNetworkParameters";
    public static final String GET_ZONE_MATERIALS = SIGNER + "GetZoneMaterials";
    public static final String GET_SUBZONE_MATERIALS = SIGNER + "GetSubZoneMaterials";

    private Permissions() {}
}
