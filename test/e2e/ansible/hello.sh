#!/bin/sh
echo "$@" > said
