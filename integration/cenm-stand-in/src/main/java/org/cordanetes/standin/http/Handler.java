package org.cordanetes.standin.http;

import java.io.IOException;

/** Answers one route. */
@FunctionalInterface
public interface Handler {
    Response handle(Request request) throws IOException;
}
