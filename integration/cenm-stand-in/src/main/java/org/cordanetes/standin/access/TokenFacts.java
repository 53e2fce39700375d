package org.cordanetes.standin.access;

import java.util.List;

/** What the Auth Service says about a token that it signed. */
public record TokenFacts(String user, boolean admin, String issuer, List<String> audience, List<String> scopes,
                         long expiresAt, List<Grant> grants) {}
