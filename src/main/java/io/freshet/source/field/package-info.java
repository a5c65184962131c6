/** What a field of a record may hold, and how it is said that it holds something else. */
@NullMarked
package io.freshet.source.field;

import org.jspecify.annotations.NullMarked;
