package dev.gatehouse.devstack.stores;

/**
 * A database and the role that owns it.
 *
 * @param url JDBC URL
 */
public record Database(String url, String username, String password) {

    @Override
    public String toString() {
        return "Database[url=" + url + ", username=" + username + "]";
    }
}
