package dev.gatehouse.billing.cart;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** @param expiry how long a cart is kept after it was last read or changed */
@Validated
@ConfigurationProperties("billing.cart")
record CartProperties(
        @DurationMin(seconds = 1) @DefaultValue("7d") Duration expiry) {}
