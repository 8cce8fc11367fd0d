/** Swagger UI with the documents of both services. */
@NullMarked
package dev.gatehouse.gateway.apidocs;

import org.jspecify.annotations.NullMarked;
