package org.cordanetes.standin.http;

/** A refusal with one of CENM's error codes, carried unchanged from the service to the command line. */
public final class ServiceError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    public ServiceError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    public static ServiceError invalid(String message) {
        return new ServiceError(400, "INVALID_REQUEST_CONTENT", message);
    }

    public static ServiceError notFound(String message) {
        return new ServiceError(404, "GENERAL_ERROR", message);
    }

    public static ServiceError conflict(String message) {
        return new ServiceError(409, "GENERAL_ERROR", message);
    }

    public static ServiceError unavailable(String message) {
        return new ServiceError(503, "GENERAL_ERROR", message);
    }

    public static ServiceError unauthenticated(String message) {
        return new ServiceError(401, "USER_TOKEN_ERROR", message);
    }

    public static ServiceError forbidden(String message) {
        return new ServiceError(403, "AUTHORISATION_ERROR", message);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
