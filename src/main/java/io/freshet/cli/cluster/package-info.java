/** Commands for whoever runs the job on a cluster. */
@NullMarked
package io.freshet.cli.cluster;

import org.jspecify.annotations.NullMarked;
