package org.cordanetes.standin.access;

/** A permission on an object: the whole network ({@code global}) or one subzone by its id. */
public record Grant(String permission, String objectName) {
    public static final String GLOBAL = "global";
}
