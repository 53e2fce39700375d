package org.cordanetes.standin.signer;

import java.io.IOException;
import java.util.List;

/** One kind of signing: what waits for a signature at a service, and signing it. */
interface Work {
    /** Something that waits; {@code detail} is for people. */
    record Item(String id, String detail) {}

    List<Item> waiting() throws IOException;

    /** Signs what has this id. */
    void sign(String id) throws IOException;

    /** What the schedule signs when it runs: all that waits. */
    default int signAll() throws IOException {
        List<Item> items = waiting();
        for (Item item : items) {
            sign(item.id());
        }
        return items.size();
    }
}
