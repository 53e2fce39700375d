package cordanetes.rpc;

/** Ends the program: one sentence with the cause and the next step, and the exit code. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** Something on the network or in the node did not go as asked. */
    static final int FAILED = 1;

    /** The command line is wrong; nothing was contacted. */
    static final int WRONG_INPUT = 2;

    private final int exitCode;

    private Failure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static Failure of(String message) {
        return new Failure(FAILED, message, null);
    }

    static Failure of(String message, Throwable cause) {
        return new Failure(FAILED, message + ": " + rootMessage(cause), cause);
    }

    static Failure usage(String message) {
        return new Failure(WRONG_INPUT, message + "; see corda-rpc --help", null);
    }

    int exitCode() {
        return exitCode;
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
