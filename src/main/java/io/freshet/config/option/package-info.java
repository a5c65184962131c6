/** How an option is declared, read and checked. */
@NullMarked
package io.freshet.config.option;

import org.jspecify.annotations.NullMarked;
