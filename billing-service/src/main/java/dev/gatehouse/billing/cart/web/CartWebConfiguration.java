package dev.gatehouse.billing.cart.web;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CartWebConfiguration {

    /** Annotations cannot say "an amount or null": a type beside a reference would have to be met as well. */
    @Bean
    OpenApiCustomizer emptyCartsHaveNoTotal() {
        return document -> Objects.requireNonNull(
                        document.getComponents().getSchemas().get("Cart"), "the schema of a cart")
                .addProperty(
                        "total",
                        new JsonSchema()
                                .description("The sum of all items; null when the cart is empty")
                                .anyOf(List.of(
                                        new Schema<>().$ref("#/components/schemas/Money"),
                                        new JsonSchema().types(Set.of("null")))));
    }
}
