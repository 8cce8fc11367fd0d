package dev.gatehouse.drills.campaign;

import dev.gatehouse.devstack.faults.FalseClock;
import dev.gatehouse.devstack.faults.PacketLoss;
import dev.gatehouse.devstack.faults.SmallDisk;
import dev.gatehouse.devstack.stores.RabbitmqBroker;
import java.util.function.BooleanSupplier;

/** What a drill wants of the machine beside the platform; a drill whose need is not met is left out. */
public enum Need {
    NOTHING("", () -> true),
    SMALL_DISK("root, to mount a disk", SmallDisk::possible),
    PACKET_LOSS("root and iptables, to lose packets", PacketLoss::possible),
    FALSE_CLOCK("libfaketime (Debian: apt-get install faketime)", FalseClock::possible),
    RABBITMQ(
            "RabbitMQ (Debian: apt-get install --no-install-recommends rabbitmq-server)",
            () -> RabbitmqBroker.installed().isPresent());

    private final String words;
    private final BooleanSupplier met;

    Need(String words, BooleanSupplier met) {
        this.words = words;
        this.met = met;
    }

    /** What is wanted, for people. */
    public String words() {
        return words;
    }

    public boolean met() {
        return met.getAsBoolean();
    }
}
