package io.dockerworkflow.dood.differential;

/**
 * What a side answered, after normalising.
 *
 * @param status the HTTP status
 * @param contentType the content type, or "-"
 * @param body the body
 */
record Answer(int status, String contentType, String body) {
    /** Engine 20.10 panics on some calls (connect of a container that has no networks) and closes the connection. */
    static final Answer NONE = new Answer(0, "-", "");

    /** To a call that was not sent. */
    static final Answer LEFT_OUT = new Answer(0, "-", "left out");

    @Override
    public String toString() {
        return status + " " + contentType + "\n" + body;
    }
}
