/** Films by the hundred thousand, row by row, in bounded memory. */
@NullMarked
package dev.gatehouse.inventory.catalogue.imports;

import org.jspecify.annotations.NullMarked;
