/** The catalogue over HTTP. */
@NullMarked
package dev.gatehouse.inventory.catalogue.web;

import org.jspecify.annotations.NullMarked;
