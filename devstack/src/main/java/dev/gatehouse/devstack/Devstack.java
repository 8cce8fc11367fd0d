package dev.gatehouse.devstack;

/** The command line of the devstack. */
public final class Devstack {

    private Devstack() {}

    public static void main(String[] arguments) {
        System.err.println("usage: devstack up|down|status|logs|reset|token|train|bench");
        System.exit(2);
    }
}
