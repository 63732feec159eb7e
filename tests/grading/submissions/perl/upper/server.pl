#!/usr/bin/perl
# Sends every word back in capitals.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;

my $listener = IO::Socket::INET->new(
    LocalAddr => '0.0.0.0',
    LocalPort => 12000,
    Proto     => 'tcp',
    Listen    => 5,
    ReuseAddr => 1,
) or die "can't listen: $@\n";
print "Server: listening\n";

while (my $client = $listener->accept()) {
    my $word = <$client>;
    next unless defined $word;
    chomp $word;
    print "Server: got $word\n";
    print $client uc($word), "\n";
    close $client;
}
