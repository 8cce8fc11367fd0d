package dev.gatehouse.devstack.stores;

/**
 * A database and the role that owns it.
 *
 * @param url JDBC URL
 */
public record Database(String url, String username, String password) {

    /** The same database by way of another loopback port. */
    public Database through(int port) {
        return new Database(url.replaceFirst(":\\d+/", ":" + port + "/"), username, password);
    }

    @Override
    public String toString() {
        return "Database[url=" + url + ", username=" + username + "]";
    }
}
