@NullMarked
package io.freshet.training.version;

import org.jspecify.annotations.NullMarked;
