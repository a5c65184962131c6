/** {@code freshet models}: looks at a model store, takes versions out of it, and rolls back. */
@NullMarked
package io.freshet.cli.models;

import org.jspecify.annotations.NullMarked;
