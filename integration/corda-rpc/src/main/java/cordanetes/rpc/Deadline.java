package cordanetes.rpc;

import java.time.Duration;

/** A moment on the monotonic clock after which waiting ends. */
final class Deadline {
    private final long nanos;

    Deadline(Duration patience) {
        this.nanos = System.nanoTime() + patience.toNanos();
    }

    long leftMillis() {
        return Math.max(0, (nanos - System.nanoTime()) / 1_000_000);
    }

    boolean passed() {
        return leftMillis() == 0;
    }
}
