/**
 * The ground that stages share, so that none imports another for it and none has a copy: keyed
 * state, a thread beside the task's, retries, digests, hashes and ranking metrics. Nothing here
 * depends on a stage, on the configuration or on the model.
 */
@NullMarked
package io.freshet.runtime;

import org.jspecify.annotations.NullMarked;
