#!/usr/bin/perl
# usage: perl client.pl WORD
use strict;
use warnings;
use Socket;

my $word = shift or die "usage: client.pl WORD\n";

socket(my $server, PF_INET, SOCK_STREAM, getprotobyname('tcp') // 6) or die "socket: $!\n";
connect($server, pack_sockaddr_in(12000, inet_aton('127.0.0.1'))) or die "connect: $!\n";
select((select($server), $| = 1)[0]);
print $server "$word\n";
my $answer = <$server>;
die "no answer\n" unless defined $answer;
chomp $answer;
print "Client: got $answer\n";
close $server;
