package io.saccade.video.access;

import java.net.InetAddress;
import java.util.List;

/**
 * A URI whose host was checked, and the addresses that were.
 *
 * @param uri what to ask the host for
 * @param addresses the only ones to connect to, at least one
 */
public record RemoteEndpoint(RemoteUri uri, List<InetAddress> addresses) {}
