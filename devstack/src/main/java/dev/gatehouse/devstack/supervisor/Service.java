package dev.gatehouse.devstack.supervisor;

/** The services the platform runs as processes. */
public enum Service {
    INVENTORY("inventory-service", Door.INVENTORY, Door.INVENTORY_MANAGEMENT),
    BILLING("billing-service", Door.BILLING, Door.BILLING_MANAGEMENT),
    GATEWAY("gateway", Door.GATEWAY, Door.GATEWAY_MANAGEMENT);

    private final String module;
    private final Door door;
    private final Door managementDoor;

    Service(String module, Door door, Door managementDoor) {
        this.module = module;
        this.door = door;
        this.managementDoor = managementDoor;
    }

    /** The Maven module, and the name of its process and log. */
    public String module() {
        return module;
    }

    Door door() {
        return door;
    }

    Door managementDoor() {
        return managementDoor;
    }
}
