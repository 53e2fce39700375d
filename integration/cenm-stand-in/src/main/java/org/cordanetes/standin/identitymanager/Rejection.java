package org.cordanetes.standin.identitymanager;

/** Why a request was rejected; the numbers are CENM's. */
enum Rejection {
    UNKNOWN, INCORRECT_X500_NAME_FORMAT, DUPLICATE_X500_NAME, DUPLICATE_PUBLIC_KEY, CERTIFICATE_ROLE_NOT_ALLOWED;

    int code() {
        return ordinal();
    }
}
