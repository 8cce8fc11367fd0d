package dev.gatehouse.devstack;

/** Placeholder. */
public final class Devstack {
    private Devstack() {}

    public static void main(String[] args) {}
}
