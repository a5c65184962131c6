/**
 * What sessions compute on. TensorFlow's GPU options hold per process, whatever a session says: so
 * every session of this job is configured by {@link
 * io.freshet.model.tensorflow.device.ComputeDevice}, and sees no GPU at all, or the one that {@link
 * io.freshet.model.tensorflow.device.ProcessGpu} has claimed for this process.
 */
@NullMarked
package io.freshet.model.tensorflow.device;

import org.jspecify.annotations.NullMarked;
