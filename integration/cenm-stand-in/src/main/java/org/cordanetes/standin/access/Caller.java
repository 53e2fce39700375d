package org.cordanetes.standin.access;

import java.util.List;
import org.cordanetes.standin.http.ServiceError;

/** The user behind an admin call and what that user may do. */
public final class Caller {
    private final String user;
    private final List<Grant> grants;
    private final boolean everything;

    private Caller(String user, List<Grant> grants, boolean everything) {
        this.user = user;
        this.grants = grants;
        this.everything = everything;
    }

    public static Caller of(TokenFacts facts) {
        return new Caller(facts.user(), facts.grants(), false);
    }

    /** The caller of a service whose authentication is disabled. */
    public static Caller unrestricted() {
        return new Caller("anonymous", List.of(), true);
    }

    public String user() {
        return user;
    }

    public boolean may(String permission, String objectName) {
        return everything || grants.contains(new Grant(permission, objectName));
    }

    /** Whether any permission of the network is granted on this object; enough to see that it exists. */
    public boolean sees(String objectName) {
        return everything || grants.stream().anyMatch(grant -> grant.objectName().equals(objectName));
    }

    public void require(String permission) {
        require(permission, Grant.GLOBAL);
    }

    public void require(String permission, String objectName) {
        if (!may(permission, objectName)) {
            throw refused("the permission " + permission, objectName);
        }
    }

    /** For reading calls that need no more than some role on the object. */
    public void requireAny(String objectName) {
        if (!sees(objectName)) {
            throw refused("any permission", objectName);
        }
    }

    private ServiceError refused(String missing, String objectName) {
        String where = objectName.equals(Grant.GLOBAL) ? "globally" : "on the subzone " + objectName;
        return ServiceError.forbidden("the user '" + user + "' does not have " + missing + " " + where);
    }
}
