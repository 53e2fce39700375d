package cordanetes.rpc;

/** Lines for a person, on standard error, so that standard output holds the result alone. */
final class Progress {
    private static final long START = System.nanoTime();

    private Progress() {}

    static void say(String line) {
        System.err.printf("%6.1f s  %s%n", (System.nanoTime() - START) / 1e9, line);
    }
}
