package org.cordanetes.standin.config;

import java.util.List;

/** A configuration that cannot be used, with one of the error codes that R3 documents. */
public final class ConfigException extends Exception {
    private final String code;
    private final List<String> problems;

    public ConfigException(String code, List<String> problems) {
        super(code + ": " + String.join("; ", problems));
        this.code = code;
        this.problems = List.copyOf(problems);
    }

    public ConfigException(String code, String problem) {
        this(code, List.of(problem));
    }

    public String code() {
        return code;
    }

    /** Every problem found, so that one attempt shows all of them. */
    public List<String> problems() {
        return problems;
    }
}
