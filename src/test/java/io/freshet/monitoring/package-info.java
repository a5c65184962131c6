/** Holds dashboard, alerts and handbook against each other and against what a job registers. */
@NullMarked
package io.freshet.monitoring;

import org.jspecify.annotations.NullMarked;
